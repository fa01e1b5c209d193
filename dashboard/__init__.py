"""The dashboard: pages for managers, trainers and analysts, on the functions of simulator/. Begin with app.py and pages/."""
