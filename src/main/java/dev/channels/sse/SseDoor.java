package dev.channels.sse;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.endpoint.Doors;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.util.Set;

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
        ServletRegistration.Dynamic added =
                context.addServlet(SERVLET, new SseServlet(doors, settings));
        added.setAsyncSupported(true);
        Set<String> taken = added.addMapping(settings.path());
        if (!taken.isEmpty()) {
            throw new ChannelsException(
                    ErrorCode.ENDPOINT,
                    "The Server-Sent Events on "
                            + settings.path()
                            + " could not be registered: a servlet of the application is on this"
                            + " path. Move one of them (channels.sse-path).");
        }
    }
}
