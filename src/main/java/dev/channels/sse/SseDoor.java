package dev.channels.sse;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.endpoint.Doors;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import java.util.Set;
import java.util.function.Supplier;

/** The Server-Sent Events of one application. */
public final class SseDoor {

    static final String NAME = "sse";

    private static final String SERVLET = "dev.channels.sse";

    private final Doors doors;
    private final SseSettings settings;

    /**
     * Makes the door, not yet registered.
     *
     * @param doors what it shares with the other doors
     * @param settings where and how
     */
    public SseDoor(Doors doors, SseSettings settings) {
        this.doors = doors;
        this.settings = settings;
    }

    /**
     * Registers its servlet, while the application is being deployed.
     *
     * @param context that of the application
     * @throws ChannelsException {@link ErrorCode#ENDPOINT} if another servlet is on its path
     */
    public void register(ServletContext context) {
        register(context, settings.path(), servlet());
    }

    /**
     * Registers the servlet of a door that is not there before the first request.
     *
     * @param context that of the application
     * @param path where
     * @param door asked for with each request
     * @throws ChannelsException {@link ErrorCode#ENDPOINT} if another servlet is on the path
     */
    public static void register(ServletContext context, String path, Supplier<SseDoor> door) {
        register(context, path, new LateServlet(() -> door.get().servlet()));
    }

    SseServlet servlet() {
        return new SseServlet(doors, settings);
    }

    private static void register(ServletContext context, String path, HttpServlet servlet) {
        ServletRegistration.Dynamic added = context.addServlet(SERVLET, servlet);
        added.setAsyncSupported(true);
        Set<String> taken = added.addMapping(path);
        if (!taken.isEmpty()) {
            throw new ChannelsException(
                    ErrorCode.ENDPOINT,
                    "The Server-Sent Events on "
                            + path
                            + " could not be registered: a servlet of the application is on this"
                            + " path. Move one of them (channels.sse-path).");
        }
    }
}
