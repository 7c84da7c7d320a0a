package dev.channels.cdi;

import dev.channels.ErrorCode;
import dev.channels.endpoint.HandshakeFilter;
import dev.channels.endpoint.HttpSessionWatch;
import dev.channels.spi.Log;
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
        if (application.hasEndpoints() || application.hasClientEndpoint()) {
            if (classes != null) {
                classes.forEach(extension.foreignEndpoints()::see);
            }
            application.refuseConflicts(extension.foreignEndpoints());
            context.addListener(new HttpSessionWatch(application::doors));
            addFilter(
                    context,
                    new HandshakeFilter(application::doors, extension.foreignEndpoints()::isOn));
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

    /** On every path: what leads to an endpoint is for the filter to find out. */
    private static void addFilter(ServletContext context, Filter filter) {
        FilterRegistration.Dynamic added = context.addFilter("dev.channels.handshake", filter);
        added.setAsyncSupported(true);
        added.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
    }
}
