package dev.channels.cdi;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.config.ConfigReader;
import dev.channels.config.SseConfig;
import dev.channels.endpoint.Doors;
import dev.channels.spi.Log;
import jakarta.enterprise.inject.spi.CDI;
import java.util.Objects;
import java.util.Set;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * What a servlet context has of this library. It is looked for when the context starts; where the
 * servlet container starts before CDI does, as Tomcat does with Weld, once more when the
 * application is initialized.
 */
final class WebApplication {

    private final Set<Class<?>> classes;
    private volatile @Nullable ChannelsExtension extension;

    /**
     * Knows nothing yet.
     *
     * @param classes the annotated endpoints of the application
     */
    WebApplication(Set<Class<?>> classes) {
        this.classes = classes;
    }

    /** Looks for the library's part in CDI, unless it is found; returns whether it is. */
    boolean isFound() {
        if (extension != null) {
            return true;
        }
        ChannelsExtension found;
        try {
            found = CDI.current().getBeanManager().getExtension(ChannelsExtension.class);
        } catch (IllegalStateException e) {
            // No CDI, or not yet; what it means is said in the end.
            return false;
        }
        if (found.application().doors().any()) {
            classes.forEach(found.foreignEndpoints()::see);
            found.application().refuseConflicts(found.foreignEndpoints());
        }
        extension = found;
        return true;
    }

    private ChannelsExtension found() {
        if (!isFound()) {
            throw new ChannelsException(
                    ErrorCode.START_FAILED,
                    "There is no CDI in the application, so it has no channels. Add an empty"
                            + " WEB-INF/beans.xml to it; if it has one that says"
                            + " bean-discovery-mode=\"none\", write \"annotated\".");
        }
        return Objects.requireNonNull(extension);
    }

    /**
     * Returns the application.
     *
     * @throws ChannelsException {@link ErrorCode#START_FAILED} where there is no CDI
     */
    ChannelsApplication application() {
        return found().application();
    }

    /**
     * Looks into the configuration before the library's part in CDI is found.
     *
     * @return the Server-Sent Events; null where there are none, or the configuration cannot be
     *     read, which is reported when all of it is read
     */
    @Nullable SseConfig peekSse() {
        try {
            SseConfig sse = ConfigReader.peekSse(ConfigProvider.getConfig());
            return sse.endpoint() ? sse : null;
        } catch (IllegalStateException | LinkageError e) {
            Log.detail(ErrorCode.STATE, () -> "There is no MicroProfile Config yet", e);
            return null;
        }
    }

    /** Tells likewise whether there is the console. */
    boolean peekConsole() {
        try {
            return ConfigReader.peekConsole(ConfigProvider.getConfig()).enabled();
        } catch (IllegalStateException | LinkageError e) {
            Log.detail(ErrorCode.STATE, () -> "There is no MicroProfile Config yet", e);
            return false;
        }
    }

    Doors doors() {
        return application().doors().shared();
    }

    /** Tells whether an endpoint of the application itself is on a path. */
    boolean isForeign(String path) {
        return found().foreignEndpoints().isOn(path);
    }
}
