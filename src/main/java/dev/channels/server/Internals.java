package dev.channels.server;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * Reaches what Jakarta EE does not specify, by methods and fields of classes that this library
 * cannot link to.
 */
final class Internals {

    private Internals() {}

    /** Returns the container's own request. */
    static ServletRequest unwrapped(ServletRequest request) {
        ServletRequest inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            inner = wrapper.getRequest();
        }
        return inner;
    }

    /** Tells whether the connection of a request serves nothing else meanwhile (HTTP/1). */
    static boolean hasConnectionOfItsOwn(ServletRequest request) {
        String protocol = request.getProtocol();
        return protocol != null && protocol.startsWith("HTTP/1.");
    }

    /**
     * Calls a public method without parameters.
     *
     * @throws ReflectiveOperationException if this version of the server has it no more
     */
    static Object call(Object target, String method) throws ReflectiveOperationException {
        return target.getClass().getMethod(method).invoke(target);
    }

    /**
     * Calls a public method with a number.
     *
     * @throws ReflectiveOperationException if this version of the server has it no more
     */
    static void call(Object target, String name, int number) throws ReflectiveOperationException {
        Method method = target.getClass().getMethod(name, int.class);
        method.invoke(target, number);
    }

    /**
     * Reads a field that the class of an object declares, or one above it.
     *
     * @throws ReflectiveOperationException if this version of the server has it no more, or the
     *     object none yet
     */
    static Object field(Object target, String name) throws ReflectiveOperationException {
        Field field = declared(target.getClass(), name);
        field.setAccessible(true);
        Object value = field.get(target);
        if (value == null) {
            throw new NoSuchFieldException(name + " is empty");
        }
        return value;
    }

    private static Field declared(Class<?> type, String name) throws NoSuchFieldException {
        try {
            return type.getDeclaredField(name);
        } catch (NoSuchFieldException e) {
            Class<?> above = type.getSuperclass();
            if (above == null) {
                throw e;
            }
            return declared(above, name);
        }
    }
}
