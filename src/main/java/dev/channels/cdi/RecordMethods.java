package dev.channels.cdi;

import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;

/**
 * Lets the JDK forget the records of an application that ends. What makes the methods of records,
 * {@link ObjectMethods}, keeps in constants the types that it was last asked for, and with them the
 * class loader, until another record is linked somewhere (seen with JDK 17).
 */
final class RecordMethods {

    private RecordMethods() {}

    /** Has the methods made for a type of the JDK, which takes the place of the last one. */
    static void forget() {
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            MethodHandle getter =
                    lookup.findVirtual(String.class, "trim", MethodType.methodType(String.class));
            MethodType equality = MethodType.methodType(boolean.class, String.class, Object.class);
            make(lookup, "equals", equality, getter);
            make(lookup, "hashCode", MethodType.methodType(int.class, String.class), getter);
            // With private access, for which newer JDKs ask where they join strings.
            make(
                    MethodHandles.lookup(),
                    "toString",
                    MethodType.methodType(String.class, String.class),
                    getter);
        } catch (Throwable e) {
            Log.warn(
                    ErrorCode.STATE,
                    "The JDK may keep the classes of this application until another one is started",
                    e);
        }
    }

    private static void make(
            MethodHandles.Lookup lookup, String method, MethodType type, MethodHandle getter)
            throws Throwable {
        ObjectMethods.bootstrap(lookup, method, type, String.class, "text", getter);
    }
}
