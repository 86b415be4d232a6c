"""What a program in Python asks of benchsheet; its names stand in ``benchsheet`` itself. The command line takes its files from here too."""
