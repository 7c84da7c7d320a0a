package dev.channels.bench.app;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * What to publish.
 *
 * @param first the sequence number of the first event of each channel
 * @param events how many events per channel at most
 * @param millis for how long at most
 * @param size the size of an event in bytes
 * @param channels how many channels, in turn
 * @param sockets how many deliveries one event of each channel makes
 * @param pace how many events per second over all channels; 0: as many as the fan-out takes
 * @param outstanding how many events of a channel may be under way when there is no pace
 * @param progress the file that tells how far the fan-out has come
 */
public record Order(
        long first,
        long events,
        long millis,
        int size,
        int channels,
        int sockets,
        int pace,
        int outstanding,
        String progress) {

    static Order of(HttpServletRequest request) {
        return new Order(
                number(request, "first"),
                number(request, "events"),
                number(request, "millis"),
                (int) number(request, "size"),
                (int) number(request, "channels"),
                (int) number(request, "sockets"),
                (int) number(request, "pace"),
                (int) number(request, "outstanding"),
                request.getParameter("progress"));
    }

    private static long number(HttpServletRequest request, String name) {
        return Long.parseLong(request.getParameter(name));
    }

    /** Returns the query that {@link #of} reads. */
    public String query() {
        return ("first=%d&events=%d&millis=%d&size=%d&channels=%d&sockets=%d&pace=%d&outstanding=%d"
                        + "&progress=%s")
                .formatted(
                        first,
                        events,
                        millis,
                        size,
                        channels,
                        sockets,
                        pace,
                        outstanding,
                        URLEncoder.encode(progress, StandardCharsets.UTF_8));
    }
}
