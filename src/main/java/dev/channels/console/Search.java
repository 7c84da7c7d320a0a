package dev.channels.console;

import java.util.Locale;

/** What is looked for: a part of a name, small and capital letters being the same. */
final class Search {

    private final String part;

    Search(String part) {
        this.part = part.strip().toLowerCase(Locale.ROOT);
    }

    /** Tells whether a text has it; each has nothing. */
    boolean finds(String text) {
        return part.isEmpty() || text.toLowerCase(Locale.ROOT).contains(part);
    }
}
