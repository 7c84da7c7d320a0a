package dev.channels.matrix;

/** The Open Liberty of the other tests. */
final class OpenLibertySmoke extends ServerSmoke {

    OpenLibertySmoke() {
        super(new SmokeServer.OfDemo("Open Liberty", "open-liberty", "liberty", "dropins"));
    }
}
