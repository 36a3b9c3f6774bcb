# What clang before 16 needs to be told to take libstdc++'s coroutines, and Asio to use them. Sourced.
clang_coroutines="-D__cpp_impl_coroutine=201902L -DASIO_HAS_CO_AWAIT=1 -DASIO_HAS_STD_COROUTINE=1"
