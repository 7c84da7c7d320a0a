package dev.channels.it.custom;

import jakarta.enterprise.context.ApplicationScoped;

/** Knows the stations. */
@ApplicationScoped
public class StationNames {

    public String of(Station station) {
        return "station " + station.number();
    }
}
