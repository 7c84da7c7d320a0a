package dev.channels.it.app;

import dev.channels.ChannelsException;
import dev.channels.ChannelsPlugin;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;

@Path("publish")
@RequestScoped
public class PublishingResource {

    @Inject private ChannelsPlugin channels;
    @Inject private PublishingBean bean;
    @Inject private PublishingStateless stateless;

    @POST
    @Path("resource/{channel}")
    public Response resource(@PathParam("channel") String channel, String data) {
        try {
            channels.waitPublished(data, channel).toCompletableFuture().join();
            return Response.ok().build();
        } catch (ChannelsException e) {
            return Response.status(404).entity(e.getMessage()).build();
        }
    }

    @POST
    @Path("bean/{channel}")
    public void bean(@PathParam("channel") String channel, String data) {
        bean.publish(channel, data);
    }

    @POST
    @Path("stateless/{channel}")
    public void stateless(@PathParam("channel") String channel, String data) {
        stateless.publish(channel, data);
    }

    @POST
    @Path("binary/{channel}/{length}")
    public void binary(@PathParam("channel") String channel, @PathParam("length") int length) {
        byte[] data = new byte[length];
        for (int i = 0; i < length; i++) {
            data[i] = (byte) i;
        }
        channels.publish(data, channel);
    }
}
