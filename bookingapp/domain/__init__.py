"""The domain: journal, availability, bookings, leads, catalogue, access, audit."""
