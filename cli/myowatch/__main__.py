"""`python -m myowatch` is the same as the console script `myowatch`."""

from myowatch.cli import main

if __name__ == "__main__":
    main()
