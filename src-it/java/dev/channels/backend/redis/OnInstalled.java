package dev.channels.backend.redis;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Of a contract that runs on a Redis, or a Valkey, that is installed on this machine. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface OnInstalled {

    /** The name of its executable; with a dot for the hyphen, the property that names its path. */
    String value();
}
