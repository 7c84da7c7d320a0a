package dev.channels.cdi.event;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds what reads a property of an object. */
final class PropertyReader {

    private PropertyReader() {}

    /** Returns the reader of a property; null if there is none. */
    static @Nullable MethodHandle find(Class<?> type, String property) {
        String capital = property.substring(0, 1).toUpperCase(Locale.ROOT) + property.substring(1);
        for (String name : List.of(property, "get" + capital, "is" + capital)) {
            MethodHandle found = method(type, name);
            if (found != null) {
                return found;
            }
        }
        try {
            return MethodHandles.publicLookup().unreflectGetter(type.getField(property));
        } catch (NoSuchFieldException | IllegalAccessException e) {
            return null;
        }
    }

    /** The class itself need not be public: many a record is not. */
    private static @Nullable MethodHandle method(Class<?> type, String name) {
        try {
            Method method = type.getMethod(name);
            boolean reads =
                    method.getReturnType() != void.class
                            && !Modifier.isStatic(method.getModifiers());
            return reads && method.trySetAccessible()
                    ? MethodHandles.lookup().unreflect(method)
                    : null;
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        }
    }
}
