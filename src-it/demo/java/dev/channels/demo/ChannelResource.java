package dev.channels.demo;

import dev.channels.ChannelsPlugin;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Publishes what is posted. */
@Path("channels/{channel}")
@RequestScoped
public class ChannelResource {

    @Inject private ChannelsPlugin channels;

    /**
     * Publishes the body, as it is.
     *
     * @param channel the channel's name
     * @param wait whether to answer only when the broker has accepted the event
     * @param payload the body
     * @return 202, or 200 where it was waited for
     */
    @POST
    public CompletionStage<Response> publish(
            @PathParam("channel") String channel,
            @QueryParam("wait") boolean wait,
            byte[] payload) {
        Payloads.check(payload);
        if (wait) {
            return channels.waitPublished(payload, channel)
                    .handle((nothing, e) -> e == null ? Response.ok().build() : Answers.to(e));
        }
        channels.publish(payload, channel);
        return CompletableFuture.completedFuture(Response.accepted().build());
    }
}
