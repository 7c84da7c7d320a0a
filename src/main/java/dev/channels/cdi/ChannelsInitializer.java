package dev.channels.cdi;

import dev.channels.browser.ModuleServlet;
import dev.channels.config.SseConfig;
import dev.channels.console.ConsoleDoor;
import dev.channels.endpoint.HandshakeFilter;
import dev.channels.endpoint.HttpSessionWatch;
import dev.channels.sse.SseDoor;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
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
        try {
            start(classes, context);
        } catch (LinkageError e) {
            throw MissingApi.explained(e);
        }
    }

    private static void start(@Nullable Set<Class<?>> classes, ServletContext context) {
        WebApplication application = new WebApplication(classes == null ? Set.of() : classes);
        boolean hasSse = addSse(application, context);
        boolean hasConsole = addConsole(application, context);
        context.addListener(new EndpointRegistration(application, hasSse, hasConsole));
        // Where it is not known yet, it is too late for both when it is.
        if (!application.isFound() || application.application().doors().any()) {
            context.addListener(new HttpSessionWatch(application::doors));
            addFilter(context, new HandshakeFilter(application::doors, application::isForeign));
        }
        if (!application.isFound() || application.application().doors().hasWhatTheModuleNeeds()) {
            addModule(
                    context,
                    new ModuleServlet(
                            () -> application.application().doors().hasWhatTheModuleNeeds()));
        }
    }

    /** Adds the servlet of the Server-Sent Events; returns whether there is one. */
    private static boolean addSse(WebApplication application, ServletContext context) {
        if (application.isFound()) {
            boolean hasSse = application.application().doors().hasSse();
            if (hasSse) {
                application.application().doors().sse().register(context);
            }
            return hasSse;
        }
        SseConfig sse = application.peekSse();
        if (sse != null) {
            SseDoor.register(context, sse.path(), () -> application.application().doors().sse());
        }
        return sse != null;
    }

    /** Adds the servlet of the console; returns whether there is one. */
    private static boolean addConsole(WebApplication application, ServletContext context) {
        boolean hasConsole =
                application.isFound()
                        ? application.application().doors().hasConsole()
                        : application.peekConsole();
        if (hasConsole) {
            ConsoleDoor.register(context, () -> application.application().console());
        }
        return hasConsole;
    }

    /** An application that has a servlet on one of the paths keeps it. */
    private static void addModule(ServletContext context, ModuleServlet servlet) {
        ServletRegistration.Dynamic added = context.addServlet("dev.channels.module", servlet);
        ModuleServlet.paths().forEach(added::addMapping);
    }

    /** On every path: what leads to an endpoint is for the filter to find out. */
    private static void addFilter(ServletContext context, Filter filter) {
        FilterRegistration.Dynamic added = context.addFilter("dev.channels.handshake", filter);
        added.setAsyncSupported(true);
        added.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
    }
}
