package dev.channels.demo;

import dev.channels.ChannelsPlugin;
import dev.channels.ChannelsStatistics;
import dev.channels.ClientConnections;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.servlet.ServletContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.lang.management.ManagementFactory;

/** Tells what the page is talking to. */
@Path("status")
@RequestScoped
public class StatusResource {

    @Inject private ChannelsPlugin channels;
    @Inject private ClientConnections clients;
    @Inject private Visits visits;
    @Inject private Health health;
    @Inject private SlowReader slowReader;
    @Inject private Warmest warmest;
    @Inject private Node node;

    /**
     * Tells the server, its Java, its age, and the plugin's counters.
     *
     * @param context the web application
     * @return a JSON object
     */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public JsonObject status(@Context ServletContext context) {
        ChannelsStatistics statistics = channels.statistics();
        return Json.createObjectBuilder()
                .add("server", name(context.getServerInfo()))
                .add("java", Runtime.version().feature())
                .add("uptime", ManagementFactory.getRuntimeMXBean().getUptime() / 1000)
                .add("published", statistics.published())
                .add("clients", clients.all().size())
                .add("visits", visits.count())
                .add("health", health.word())
                .add("behind", slowReader.behind())
                .add("warmest", warmest.word())
                .add("node", node.name())
                .add("other", node.other())
                .build();
    }

    /** Has a slow reader begin. */
    @POST
    @Path("slow")
    public void slow() {
        slowReader.begin();
    }

    /** Open Liberty calls itself by the name of IBM's edition; WildFly tells its parts, too. */
    private static String name(String serverInfo) {
        return serverInfo
                .replace("IBM WebSphere Liberty/", "Open Liberty ")
                .replaceFirst(" \\(.*", "");
    }
}
