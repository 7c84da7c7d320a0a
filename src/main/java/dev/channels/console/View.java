package dev.channels.console;

/**
 * What is to be seen. What is not known, or past its bounds, is what it is by default.
 *
 * @param clients whether clients, and not channels
 * @param search part of a name
 * @param sort the order
 * @param page which page, from 0 up
 * @param size how many rows a page has
 */
record View(boolean clients, String search, String sort, int page, int size) {

    private static final int MAX_SEARCH = 200;
    private static final int MAX_PAGE = 1_000_000;
    private static final int DEFAULT_SIZE = 25;
    private static final int MAX_SIZE = 100;

    /** Reads what a query asks for. */
    static View of(Query query) {
        String search = query.get("search");
        return new View(
                query.get("view").equals("clients"),
                search.substring(0, Math.min(search.length(), MAX_SEARCH)),
                query.get("sort"),
                query.number("page", 0, 0, MAX_PAGE),
                query.number("size", DEFAULT_SIZE, 1, MAX_SIZE));
    }
}
