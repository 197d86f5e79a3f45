"""Payments at the reception: bills of the practice's computer, the patient's yes, exactly one charge, a receipt."""
