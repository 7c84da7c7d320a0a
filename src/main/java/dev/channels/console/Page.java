package dev.channels.console;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One page of what was found.
 *
 * @param rows of this page
 * @param number of the page, from 0 up
 * @param found how many rows there are on all pages
 */
record Page<T>(List<T> rows, int number, int found) {

    /**
     * Cuts a page out.
     *
     * @param found all that was found; is sorted
     * @param number the page that is wanted; the last one stands in for those behind it
     */
    static <T> Page<T> of(ArrayList<T> found, Comparator<T> order, int number, int size) {
        found.sort(order);
        int last = found.isEmpty() ? 0 : (found.size() - 1) / size;
        int page = Math.min(number, last);
        int from = page * size;
        return new Page<>(
                List.copyOf(found.subList(from, Math.min(found.size(), from + size))),
                page,
                found.size());
    }
}
