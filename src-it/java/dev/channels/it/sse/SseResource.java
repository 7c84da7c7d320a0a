package dev.channels.it.sse;

import dev.channels.ChannelsPlugin;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;

/** Publishes, counts, and ends a session of HTTP. */
@Path("do")
@RequestScoped
public class SseResource {

    @Inject private ChannelsPlugin channels;

    /** Publishes a text, as it is. */
    @POST
    @Path("publish")
    public void publish(@QueryParam("channel") String channel, String data) {
        channels.waitPublished(data, channel).toCompletableFuture().join();
    }

    /** Publishes the numbers from one to another, each padded with x to a size. */
    @PUT
    @Path("publish")
    public void publish(
            @QueryParam("channel") String channel,
            @QueryParam("from") int from,
            @QueryParam("to") int to,
            @QueryParam("size") int size) {
        for (int i = from; i <= to; i++) {
            String number = Integer.toString(i);
            String padding = "x".repeat(Math.max(0, size - number.length()));
            channels.waitPublished(number + padding, channel).toCompletableFuture().join();
        }
    }

    /** Publishes what is no text. */
    @POST
    @Path("binary")
    public void binary(@QueryParam("channel") String channel) {
        channels.waitPublished(new byte[] {(byte) 0xFF, 0}, channel).toCompletableFuture().join();
    }

    /** A page that notes what it is told. */
    @GET
    @Path("page")
    @Produces("text/html")
    public String page() {
        return """
                <!DOCTYPE html>
                <title>Events</title>
                <script>
                var got = [], opened = 0;
                const source = new EventSource('../connection/sse?channel=browser&channel=ticks');
                source.onopen = () => opened++;
                source.addEventListener('browser', event => got.push(event.data));
                </script>
                """;
    }

    @GET
    @Path("subscribers")
    public long subscribers() {
        return channels.statistics().subscribers();
    }

    @GET
    @Path("skipped")
    public long skipped() {
        return channels.statistics().skipped();
    }

    /** Begins a session of HTTP. */
    @POST
    @Path("session")
    public void begin(@Context HttpServletRequest request) {
        request.getSession(true);
    }

    @POST
    @Path("logout")
    public void logout(@Context HttpServletRequest request) {
        request.getSession(false).invalidate();
    }
}
