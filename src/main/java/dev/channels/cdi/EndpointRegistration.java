package dev.channels.cdi;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.console.ConsoleDoor;
import dev.channels.server.Server;
import dev.channels.spi.Log;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.websocket.server.ServerContainer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Registers the endpoints when the application begins, and stops everything when it ends. The class
 * loads without Jakarta WebSocket, which a server need not have for an application that only
 * publishes.
 */
final class EndpointRegistration implements ServletContextListener {

    /** The attribute of Jakarta WebSocket 2.1, section 6.4. */
    private static final String CONTAINER = "jakarta.websocket.server.ServerContainer";

    private final WebApplication web;
    private final boolean hasSse;
    private final boolean hasConsole;

    /**
     * Makes a listener.
     *
     * @param hasSse whether the servlet of the Server-Sent Events was added, for which it is too
     *     late here
     * @param hasConsole likewise that of the console
     */
    EndpointRegistration(WebApplication web, boolean hasSse, boolean hasConsole) {
        this.web = web;
        this.hasSse = hasSse;
        this.hasConsole = hasConsole;
    }

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ChannelsApplication application;
        try {
            application = web.application();
        } catch (ChannelsException e) {
            throw logged(e);
        }
        application.warnOfOwnThreads();
        ServletContext context = event.getServletContext();
        if (application.doors().any()) {
            open(application, context);
        }
        application.opened(context.getContextPath());
    }

    private void open(ChannelsApplication application, ServletContext context) {
        Object container = context.getAttribute(CONTAINER);
        try {
            requireAll(application, container);
            Server server =
                    application.doors().shared().recognise(container == null ? context : container);
            List<String> paths = new ArrayList<>();
            if (application.doors().hasSse()) {
                paths.add(application.doors().ssePath());
            }
            if (application.doors().hasConsole()) {
                paths.add(ConsoleDoor.PATH);
            }
            if (container != null && application.doors().hasWebSocket()) {
                paths.addAll(register(container));
            }
            String outOfReach =
                    server.outOfReach(application.doors().namesInPaths(), context.getServerInfo());
            if (outOfReach != null) {
                Log.warn(ErrorCode.ENDPOINT, outOfReach, null);
            }
            Log.state(
                    "Endpoints at "
                            + paths.stream().map(path -> context.getContextPath() + path).toList()
                            + " on "
                            + server);
        } catch (ChannelsException e) {
            throw logged(e);
        } catch (LinkageError e) {
            throw MissingApi.explained(e);
        }
    }

    private void requireAll(ChannelsApplication application, @Nullable Object container) {
        if (container == null && application.doors().hasWebSocket()) {
            throw new ChannelsException(
                    ErrorCode.ENDPOINT,
                    "This server has no WebSocket container for the application; enable it"
                            + " (on Open Liberty the feature websocket-2.1), or set"
                            + " channels.create-ws-route-handlers=false and"
                            + " channels.client-endpoint=false.");
        }
        if (application.doors().hasClientEndpoint() && !OptionalApis.hasJson()) {
            throw new ChannelsException(
                    ErrorCode.ENDPOINT,
                    "This server has no JSON Processing, with which the client endpoint reads: enable"
                            + " it (on Open Liberty the feature jsonp-2.1), put"
                            + " org.eclipse.parsson:parsson into WEB-INF/lib, or set"
                            + " channels.client-endpoint=false.");
        }
        if (!hasSse && application.doors().hasSse()) {
            throw tooLate("no Server-Sent Events: set channels.sse-endpoint=false.");
        }
        if (!hasConsole && application.doors().hasConsole()) {
            throw tooLate("no console: set channels.console=false.");
        }
    }

    private static ChannelsException tooLate(String what) {
        return new ChannelsException(
                ErrorCode.ENDPOINT,
                "This server starts the servlets of the application before its CDI, so that there"
                        + " can be "
                        + what);
    }

    /** Names no type of Jakarta WebSocket, which may be missing, where a container reads it. */
    private List<String> register(Object attribute) {
        ServerContainer container = (ServerContainer) attribute;
        ApplicationDoors doors = web.application().doors();
        List<String> paths = new ArrayList<>();
        if (doors.hasPlainEndpoints()) {
            paths.addAll(doors.plainEndpoints().register(container));
        }
        if (doors.hasClientEndpoint()) {
            paths.add(doors.clientEndpoints().register(container));
        }
        return paths;
    }

    /** Logs what fails the deployment: some servers show little of what a listener throws. */
    private static ChannelsException logged(ChannelsException failure) {
        Log.warn(failure.errorCode(), "The deployment fails", failure);
        return failure;
    }

    // The last moment at which sessions are open on all servers, and a close still reaches a
    // client.
    @Override
    public void contextDestroyed(ServletContextEvent event) {
        if (web.isFound()) {
            web.application().stop();
        }
    }
}
