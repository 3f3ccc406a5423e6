"""A family-planning office's service campaigns: from the headline target to the confirmed service, and the bars between."""
