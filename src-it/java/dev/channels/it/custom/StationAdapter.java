package dev.channels.it.custom;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.adapter.JsonbAdapter;

/** Writes a station with its name; no configuration names this bean. */
@ApplicationScoped
public class StationAdapter implements JsonbAdapter<Station, String> {

    @Inject private StationNames names;

    @Override
    public String adaptToJson(Station station) {
        return names.of(station);
    }

    @Override
    public Station adaptFromJson(String json) {
        throw new UnsupportedOperationException("Nothing is read here");
    }
}
