package dev.channels.console;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.endpoint.Doors;
import dev.channels.endpoint.policy.Access;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The console of one application. */
public final class ConsoleDoor {

    /** Where the page is, within the application. */
    public static final String PATH = ConsolePaths.PAGE;

    private static final String SERVLET = "dev.channels.console";

    private final Doors doors;
    private final Access operators;
    private final ConsoleSource source;
    private final ConsoleClients clients;

    /**
     * Makes the console, not yet registered.
     *
     * @param doors what it shares with the doors of clients
     * @param roles who may see it: roles, {@code **} being anybody who is logged in
     * @param source what it shows
     * @param clients who is connected, as the doors tell it
     */
    public ConsoleDoor(
            Doors doors, List<String> roles, ConsoleSource source, ConsoleClients clients) {
        this.doors = doors;
        this.operators = new Access(roles);
        this.source = source;
        this.clients = clients;
    }

    /**
     * Registers the servlet of the console, while the application is being deployed.
     *
     * @param context that of the application
     * @param console asked for at the first request: it need not be there before
     * @throws ChannelsException {@link ErrorCode#ENDPOINT} if a servlet of the application, or
     *     another door, is on one of its paths
     */
    public static void register(ServletContext context, Supplier<ConsoleDoor> console) {
        ServletRegistration.Dynamic added =
                context.addServlet(SERVLET, new ConsoleServlet(() -> console.get().requests()));
        added.setAsyncSupported(true);
        for (String path : ConsolePaths.ALL) {
            Set<String> taken = added.addMapping(path);
            if (!taken.isEmpty()) {
                throw new ChannelsException(
                        ErrorCode.ENDPOINT,
                        "The console on "
                                + path
                                + " could not be registered: another servlet is on this path. Move"
                                + " that, or set channels.console=false.");
            }
        }
    }

    ConsoleRequests requests() {
        return new ConsoleRequests(
                doors,
                operators,
                source,
                new StateWriter(source, clients, System::nanoTime),
                clients);
    }
}
