"""`tocsin`: hand the arguments to the command line."""

from bot.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
