"""What serial and Bluetooth LE devices share."""
