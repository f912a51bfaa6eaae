"""Tests of the plugin recovery: cases."""
