package dev.channels.testkit;

import org.jspecify.annotations.Nullable;

/** An event of a load: the name of the load, and the number of the event in it. */
record Numbered(String series, long number) {

    /** Reads {@code series:number}. Returns null if the text is none. */
    static @Nullable Numbered parse(String text) {
        int colon = text.lastIndexOf(':');
        try {
            return colon < 0
                    ? null
                    : new Numbered(
                            text.substring(0, colon), Long.parseLong(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return series + ":" + number;
    }
}
