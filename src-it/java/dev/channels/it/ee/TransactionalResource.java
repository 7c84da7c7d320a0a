package dev.channels.it.ee;

import dev.channels.ChannelsPlugin;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

@Path("transaction")
@RequestScoped
public class TransactionalResource {

    @Inject private ChannelsPlugin channels;

    @POST
    @Path("{channel}/commit")
    @Transactional
    public String commit(@PathParam("channel") String channel) {
        channels.publish("1", channel);
        channels.publish("2", channel);
        return "";
    }

    @POST
    @Path("{channel}/rollback")
    @Transactional
    public String rollBack(@PathParam("channel") String channel) {
        channels.publish("1", channel);
        throw new IllegalStateException("rolls back");
    }
}
