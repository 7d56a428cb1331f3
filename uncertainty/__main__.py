"""``python -m uncertainty`` is the command line."""

from uncertainty.commands import main

if __name__ == "__main__":
    main()
