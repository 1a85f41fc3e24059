"""The domain: the journal of writes, availability, bookings, leads, the catalogue, access, audit."""
