package dev.channels.backend.redis.streams;

/** How exactly a stream keeps to its length. */
enum Trimming {
    /** To the event. */
    EXACT("="),
    /** By whole nodes of the stream's tree, so that up to about 100 events more are kept. */
    APPROXIMATE("~");

    private final String symbol;

    Trimming(String symbol) {
        this.symbol = symbol;
    }

    /** What XADD calls it. */
    String symbol() {
        return symbol;
    }
}
