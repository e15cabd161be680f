"""What commands share: parser, exit codes, ranges of numbers, console."""
