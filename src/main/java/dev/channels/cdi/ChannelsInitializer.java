package dev.channels.cdi;

import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import dev.channels.websocket.EndpointPaths;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.annotation.HandlesTypes;
import jakarta.websocket.server.ServerEndpoint;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds the listener that registers the endpoints. A listener that an initializer adds is the only
 * place found from which the WebSocket container of the application can be reached on WildFly, Open
 * Liberty and Payara alike.
 *
 * <p>It is also shown the annotated endpoints of the application that take no part in injection.
 * Payara registers them after ours, and would only log that a path is taken.
 */
@HandlesTypes(ServerEndpoint.class)
public class ChannelsInitializer implements ServletContainerInitializer {

    /** Made by the servlet container. */
    public ChannelsInitializer() {}

    @Override
    public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) {
        ChannelsExtension extension = extension(context);
        if (extension == null) {
            return;
        }
        ChannelsApplication application = extension.application();
        context.addListener(new EndpointRegistration(application));
        if (application.hasEndpoints()) {
            if (classes != null) {
                classes.forEach(extension.foreignEndpoints()::see);
            }
            application.refuseConflicts(extension.foreignEndpoints());
            EndpointPaths paths = application.endpointPaths();
            addFilter(
                    context,
                    "dev.channels.connection",
                    paths,
                    new ConnectionFilter(application.doors()));
            if (paths.template().isPresent()) {
                addFilter(
                        context,
                        "dev.channels.unknown-channel",
                        paths,
                        new UnknownChannelFilter(paths, extension.foreignEndpoints()));
            }
        }
    }

    private static @Nullable ChannelsExtension extension(ServletContext context) {
        try {
            return CDI.current().getBeanManager().getExtension(ChannelsExtension.class);
        } catch (IllegalStateException e) {
            Log.warn(
                    ErrorCode.START_FAILED,
                    "There is no CDI in the application "
                            + context.getContextPath()
                            + ", so it has no channels. Add an empty WEB-INF/beans.xml to it.",
                    e);
            return null;
        }
    }

    private static void addFilter(
            ServletContext context, String name, EndpointPaths paths, Filter filter) {
        FilterRegistration.Dynamic added = context.addFilter(name, filter);
        added.setAsyncSupported(true);
        added.addMappingForUrlPatterns(
                EnumSet.of(DispatcherType.REQUEST), false, paths.urlPattern());
    }
}
