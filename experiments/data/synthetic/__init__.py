"""Built-in synthetic landscapes: the six classes drawn by NumPy, so that nothing is downloaded.

A scene module draws what a class may show (`buildings`, `forest`, `glacier`, `mountain`, `sea`,
`street`) from shared parts (`canvas`, `texture`, `sky`, `alpine`, `perspective`, `props`); then
every picture goes through one camera (`photograph`).

Raw pixels tell the classes apart about as badly as on photographs, and for the same reasons: times
of day, weather, seasons, viewpoints and exposure vary within every class. With question 1's
settings and 17,034 images, test accuracies of the logistic regression swing by .04 from epoch to
epoch, as on photographs, around .53; the MLP ends about .12 above that. Labels are never wrong, but
one in eight of the glaciers and one in fourteen of the mountains show the same kind of range.
"""
