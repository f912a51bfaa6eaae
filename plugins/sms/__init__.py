"""Ask by SMS, and read answers that come back as SMS."""
