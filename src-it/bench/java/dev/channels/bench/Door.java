package dev.channels.bench;

/** By which endpoint of the plugin the sockets come in; the loop has one only. */
enum Door {
    /** A socket per channel, a frame per event. */
    PLAIN("", ""),
    /** One socket for all channels, in the client protocol, as JSON. */
    CLIENT("client.", "client endpoint, "),
    /** Server-Sent Events; the other side is then the plain endpoint. */
    SSE("sse.", "SSE, ");

    private final String prefix;
    private final String shown;

    Door(String prefix, String shown) {
        this.prefix = prefix;
        this.shown = shown;
    }

    /** Returns what the names of its figures begin with. */
    String prefix() {
        return prefix;
    }

    @Override
    public String toString() {
        return shown;
    }
}
