"""The debrief: luck apart from skill, decisions by what was visible and by what came, roles by their bias, and the bridge."""
