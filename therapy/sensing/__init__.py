"""Heart rate in: decoding, Bluetooth, recordings, the virtual strap."""
