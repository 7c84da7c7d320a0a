package dev.channels.it.custom;

/** What is published. */
public final class Reading {

    private final Temperature temperature;

    Reading(Temperature temperature) {
        this.temperature = temperature;
    }

    public Station getStation() {
        return new Station(7);
    }

    public Temperature getTemperature() {
        return temperature;
    }
}
