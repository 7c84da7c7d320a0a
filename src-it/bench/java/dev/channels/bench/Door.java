package dev.channels.bench;

/** By which endpoint of the plugin the sockets come in; the loop has one only. */
enum Door {
    /** A socket per channel, a frame per event. */
    PLAIN(""),
    /** One socket for all channels, in the client protocol, as JSON. */
    CLIENT("client endpoint, ");

    private final String shown;

    Door(String shown) {
        this.shown = shown;
    }

    @Override
    public String toString() {
        return shown;
    }
}
