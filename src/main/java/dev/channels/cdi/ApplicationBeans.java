package dev.channels.cdi;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The beans of the application that implement a type of this library. They are taken as the
 * container announces them, since the bean manager that Payara gives to an extension sees the beans
 * of its own archive only.
 */
final class ApplicationBeans {

    /** What JSON-B takes to write and read a type, by name: there may be no JSON-B here. */
    private static final Set<String> JSON_TYPES =
            Set.of(
                    "jakarta.json.bind.adapter.JsonbAdapter",
                    "jakarta.json.bind.serializer.JsonbDeserializer",
                    "jakarta.json.bind.serializer.JsonbSerializer");

    private final List<Bean<?>> beans = new CopyOnWriteArrayList<>();
    private final List<Bean<?>> typeEncoders = new CopyOnWriteArrayList<>();

    /** Takes a bean if it has one of the types, or JSON-B takes its class. */
    void see(Bean<?> bean, Class<?>... types) {
        if (isTypeEncoder(bean)) {
            typeEncoders.add(bean);
        }
        for (Class<?> type : types) {
            if (bean.getTypes().contains(type)) {
                beans.add(bean);
                return;
            }
        }
    }

    /** Returns the beans of a type. */
    List<Bean<?>> of(Class<?> type) {
        List<Bean<?>> found = new ArrayList<>(beans);
        found.removeIf(bean -> !bean.getTypes().contains(type));
        return found;
    }

    /** JSON-B finds out by the class what it is for, so that a producer's result will not do. */
    private static boolean isTypeEncoder(Bean<?> bean) {
        return bean.getTypes().contains(bean.getBeanClass())
                && bean.getTypes().stream()
                        .anyMatch(
                                type ->
                                        type instanceof ParameterizedType generic
                                                && JSON_TYPES.contains(
                                                        generic.getRawType().getTypeName()));
    }

    /**
     * Returns the adapters, serializers and deserializers of JSON-B that are beans: those that have
     * a scope, and those that are named. Many a class has no scope and is a bean all the same.
     *
     * @param named names of classes
     * @return what the application would be injected with, by the names of their classes
     */
    Map<String, Object> typeEncoders(BeanManager manager, List<String> named) {
        Map<String, Object> found = new LinkedHashMap<>();
        for (Bean<?> bean : typeEncoders) {
            Class<?> type = bean.getBeanClass();
            if (bean.getScope() != Dependent.class || named.contains(type.getName())) {
                found.put(type.getName(), reference(manager, bean, type));
            }
        }
        return found;
    }

    /** Returns what the application would be injected with. */
    static <T> T reference(BeanManager manager, Bean<?> bean, Class<T> type) {
        return type.cast(manager.getReference(bean, type, manager.createCreationalContext(bean)));
    }
}
