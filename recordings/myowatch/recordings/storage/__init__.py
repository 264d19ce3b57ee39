"""The data folder, files on the disk, and problems that users are told about."""
