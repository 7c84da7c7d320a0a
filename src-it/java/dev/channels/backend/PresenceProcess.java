package dev.channels.backend;

import dev.channels.Delivery;
import dev.channels.EventSender;
import dev.channels.PresentClient;
import dev.channels.Start;
import dev.channels.Subscription;
import dev.channels.internal.node.ChannelsNode;
import dev.channels.internal.presence.PresenceSettings;
import dev.channels.testkit.PluginNodes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A node in a process of its own, with one client in a channel, until it is killed. */
public final class PresenceProcess {

    private PresenceProcess() {}

    /** Starts the process; it ends with this one at the latest, whose pipe it reads. */
    static Process start(
            String backend, Map<String, String> settings, Duration lifetime, PresentClient client)
            throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                System.getProperty("java.home") + "/bin/java",
                                "-cp",
                                System.getProperty("java.class.path"),
                                PresenceProcess.class.getName(),
                                backend,
                                Long.toString(lifetime.toMillis()),
                                client.id()));
        settings.forEach((key, value) -> command.add(key + "=" + value));
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Takes the backend, the lifetime in ms, the id of the client, and settings. */
    public static void main(String[] arguments) throws IOException {
        Map<String, String> settings = new HashMap<>();
        for (int i = 3; i < arguments.length; i++) {
            String[] pair = arguments[i].split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        ExecutorService executor = Executors.newFixedThreadPool(4);
        ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);
        Duration lifetime = Duration.ofMillis(Long.parseLong(arguments[1]));
        ChannelsNode node =
                PluginNodes.start(
                        PluginNodes.backend(arguments[0], settings, executor, scheduler),
                        new PresenceSettings(channel -> true, lifetime),
                        executor,
                        scheduler);
        Subscription subscription = node.openSubscription(new Ignoring());
        subscription.join(Start.now(), "a");
        subscription.enter("a", new PresentClient(arguments[2], "user", null, null));
        while (System.in.read() >= 0) {
            // Nothing is said, until nobody is there to say it.
        }
        Runtime.getRuntime().halt(0);
    }

    private static final class Ignoring implements EventSender {
        @Override
        public void send(Delivery delivery, Completion completion) {
            completion.sent();
        }
    }
}
