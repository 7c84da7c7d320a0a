package dev.channels.it.custom;

import jakarta.json.bind.adapter.JsonbAdapter;

/** Writes a temperature with its unit. */
public final class TemperatureAdapter implements JsonbAdapter<Temperature, String> {

    @Override
    public String adaptToJson(Temperature temperature) {
        return temperature.celsius() + " °C";
    }

    @Override
    public Temperature adaptFromJson(String json) {
        throw new UnsupportedOperationException("Nothing is read here");
    }
}
