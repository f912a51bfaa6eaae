"""What everything above stands on: settings, plugins, links, languages, rendering, outbound calls."""
