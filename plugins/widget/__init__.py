"""Show the survey in a web page, without cookies."""
