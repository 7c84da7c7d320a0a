package dev.channels.cdi;

import dev.channels.config.Keys;
import dev.channels.config.Values;
import dev.channels.websocket.EndpointPaths;
import dev.channels.websocket.EndpointSettings;
import java.lang.annotation.Annotation;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;

/**
 * The annotated endpoints of the application. The annotation is read by its name, since Jakarta
 * WebSocket need not be there where CDI is.
 */
final class ForeignEndpoints {

    private static final String ANNOTATION = "jakarta.websocket.server.ServerEndpoint";
    private static final Pattern PARAMETER = Pattern.compile("\\{[^}]*}");

    private final Map<String, Class<?>> classes = new ConcurrentSkipListMap<>();

    /** Takes a class if it is an endpoint. */
    void see(Class<?> type) {
        for (Annotation annotation : type.getAnnotations()) {
            if (annotation.annotationType().getName().equals(ANNOTATION)) {
                classes.put(pathOf(annotation), type);
            }
        }
    }

    private static String pathOf(Annotation annotation) {
        try {
            String path =
                    (String) annotation.annotationType().getMethod("value").invoke(annotation);
            return path.startsWith("/") ? path : "/" + path;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("@ServerEndpoint without a value", e);
        }
    }

    /** Tells whether an endpoint of the application is on a path. */
    boolean isOn(String path) {
        return classes.containsKey(path);
    }

    /** Reports those that are on the path of one of ours. */
    void reportConflicts(EndpointSettings settings, Values values) {
        EndpointPaths paths = new EndpointPaths(settings);
        Set<String> ours = new HashSet<>(paths.exact().keySet());
        paths.template().ifPresent(path -> ours.add(normal(path)));
        classes.forEach(
                (path, type) -> {
                    if (ours.contains(normal(path))) {
                        values.problem(
                                Keys.WS_HANDLER_BASE_PATH,
                                settings.basePath(),
                                "two endpoints would be on the path "
                                        + path
                                        + ", that of a channel and that of "
                                        + type.getName(),
                                "Move one of them.");
                    }
                });
    }

    /** Reports one that is on the path of the client endpoint. */
    void reportConflict(String clientPath, Values values) {
        Class<?> type = classes.get(clientPath);
        if (type != null) {
            values.problem(
                    Keys.CLIENT_PATH,
                    clientPath,
                    "two endpoints would be on the path "
                            + clientPath
                            + ", the client endpoint and that of "
                            + type.getName(),
                    "Move one of them.");
        }
    }

    private static String normal(String path) {
        return PARAMETER.matcher(path).replaceAll("{}");
    }
}
